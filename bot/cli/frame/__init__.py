"""What commands share: settings and store opened, a person found, how things are said. It is no command itself."""
