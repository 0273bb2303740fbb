"""Archives of any size to tables: `archives` reads them in parts, `shards` makes files of a part."""
