"""The press room: static pages, feeds and downloads of a site's communiqués."""
