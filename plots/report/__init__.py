"""The page `./plots.sh report RESULTS` writes: one HTML file that needs no network.

`page.build(results)` makes it. The modules beside it each make one part of what the template
`page.html.j2` shows; `page.css` and `page.js` are put into the page as they are.
"""
