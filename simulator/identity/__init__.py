"""The identity host's pages and tokens, which both continents of Volkswagen share."""
