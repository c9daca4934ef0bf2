/**
 * The page of a city, on an origin of its own: with the strictest policy a widget may meet, a style sheet that ruins
 * whatever it can reach, and things that content management systems do.
 */

import { createServer } from "node:http";

/** The policy of a careful city: scripts and requests only to the service, styles only from files, no HTML from text. */
const policy = (service) =>
  `default-src 'none'; script-src ${service}; connect-src ${service}; style-src 'self'; img-src data:; ` +
  `frame-src ${service}; form-action ${service}; base-uri https://elsewhere.example; ` +
  `require-trusted-types-for 'script'; trusted-types 'none'`;

/** A sober city page. */
const STYLE = `
:root { color-scheme: light dark; }
body { font: 100%/1.5 sans-serif; margin: 1rem; background: Canvas; color: CanvasText; }
main { max-width: 56rem; margin: 0 auto; }
mitmachbox-suche { min-height: 7rem; display: block; }
iframe { border: 0; width: 100%; height: 700px; }
`;

/** What grew over fifteen years. */
const HOSTILE = `
html { font-size: 62.5%; }
* { all: unset !important; }
body { display: block !important; text-transform: uppercase; letter-spacing: .5em; line-height: .5; color: red;
       text-align: right; white-space: nowrap; word-spacing: 2em; text-indent: 3em; cursor: wait; }
label, legend, p, ul, mark { display: none !important; }
button, input, a { pointer-events: none !important; font-size: 4px !important; opacity: .1 !important; }
`;

/** The snippet that a city pastes. */
export function snippet(service, { attributes = "", strings = "", source, integrity } = {}) {
  const hash = integrity ? ` integrity="${integrity}"` : "";
  return `
<mitmachbox-suche ${attributes}>
  ${strings && `<script type="application/json" slot="strings">${strings}</script>`}
  <form action="${service}/suche" method="get" role="search">
    <label for="mb">Beteiligungsformate durchsuchen</label>
    <input id="mb" name="q" type="search"> <button>Suchen</button>
  </form>
</mitmachbox-suche>
<script type="module" src="${source ?? `${service}/widget/0/mitmachbox.js`}"${hash} crossorigin="anonymous"></script>`;
}

function page({ body, hostile, base }) {
  return `<!doctype html>
<html lang="de">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stadt am Fluss – Beteiligung</title>
${base ? `<base href="https://elsewhere.example/cms/">` : ""}
<link rel="stylesheet" href="/stil.css">
${hostile ? `<link rel="stylesheet" href="/altlast.css">` : ""}
</head>
<body>
<main>
<h1>Beteiligung in der Stadt am Fluss</h1>
${body}
<p>Fragen? Schreiben Sie uns.</p>
</main>
</body>
</html>`;
}

/** Serves pages that tests put there; gives `url`, `put(path, options)` and `stop()`. */
export async function start_host(service) {
  const pages = new Map();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://host");
    const styles = { "/stil.css": STYLE, "/altlast.css": HOSTILE };
    if (pathname in styles) {
      response.setHeader("content-type", "text/css");
      return response.end(styles[pathname]);
    }
    const html = pages.get(pathname);
    response.statusCode = html ? 200 : 404;
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.setHeader("content-security-policy", policy(service));
    response.end(html ?? "");
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  // Another name is another site, not only another origin.
  const url = `http://localhost:${server.address().port}`;
  const put = (path, options = {}) => {
    const { hostile, base, ...rest } = options;
    // Under a foreign <base> the style sheet's address must be whole.
    const html = page({ body: options.body ?? snippet(service, rest), hostile, base });
    pages.set(path, base ? html.replaceAll(`href="/`, `href="${url}/`) : html);
    return url + path;
  };
  const stop = () => new Promise((done) => server.close(done));
  return { url, put, stop };
}
