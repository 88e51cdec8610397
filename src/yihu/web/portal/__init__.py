"""Pages for residents: on a telephone, one question a page."""
