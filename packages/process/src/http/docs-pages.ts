import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type Router } from 'express';

/** Serves `/openapi.json` and `/docs` (Swagger UI from npm, without the network). */
export function docsPages(title: string, document: object): Router {
  const router = express.Router();
  const assets = dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')));
  router.get('/openapi.json', (_request, response) => {
    response.json(document);
  });
  router.get('/docs', (_request, response) => {
    response.type('html').send(page(title));
  });
  router.get('/docs/start.js', (_request, response) => {
    response.type('js').send(startScript);
  });
  for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'])
    router.get(`/docs/${file}`, (_request, response) => {
      response.sendFile(file, { root: assets, maxAge: '1d' });
    });
  return router;
}

// A script of its own: the content security policy allows no inline scripts.
const startScript = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true });\n`;

function page(title: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="icon" href="/docs/favicon-32x32.png">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="docs"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;
}
