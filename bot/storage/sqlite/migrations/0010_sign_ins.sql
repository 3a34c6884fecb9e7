-- Who signed in with which browser, and until when: found by a keyed hash of the secret that the browser has in its cookie.

CREATE TABLE sign_ins (
    mark BLOB PRIMARY KEY NOT NULL,
    body BLOB NOT NULL,                     -- whose it is, what their organisation calls it, and until when, sealed
    until INTEGER NOT NULL
);
