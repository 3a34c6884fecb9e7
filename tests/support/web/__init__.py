"""What tests of the web pages need: servers, browsers with and without JavaScript, and people who are signed in."""
