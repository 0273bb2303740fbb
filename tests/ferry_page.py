"""A whole page of a newspaper that we made up."""

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Harbour town votes to keep its ferry - The Mill Post</title>
<meta property="og:site_name" content="The Mill Post"><meta name="author" content="Ada Quill"></head>
<body><article><h1>Harbour town votes to keep its ferry</h1>
<p>Residents of Northwick voted on Tuesday to keep the small ferry that has crossed their harbour for ninety years, a
decision that surprised the council.</p>
<p>“Nobody here wants a bridge,” said Ada Lund, who has run the ticket office since 1988, as she closed the shutters
on a cold evening at the quay.</p>
<p>The council had argued that the crossing lost money every winter and that a bridge, paid for by the government in
London, would bring visitors to the town.</p></article></body></html>
"""
