"""What every answer forbids: nothing foreign is loaded, nothing is kept, nobody frames it, and no feature is used."""

from collections.abc import Mapping

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
"""No inline style or script, no source but our own."""

FEATURES = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
"""Features of browsers, all of which are closed."""

SECURITY: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": ", ".join(f"{each}=()" for each in FEATURES),
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
"""What every answer says, whatever it is."""

NEVER_KEPT = "no-store"
"""How long an answer may be kept unless it says otherwise."""

TWO_YEARS = "max-age=63072000"
"""For how long a browser is to come by HTTPS alone."""
