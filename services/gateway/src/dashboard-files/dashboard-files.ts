import { join } from 'node:path';
import compression from 'compression';
import express, { type Response, type Router } from 'express';

/**
 * Serves the built dashboard: hashed assets for a year, `index.html` always fresh, and `index.html` for any unknown
 * path that a browser navigates to, so that links into the dashboard work. Compressed as the browser wishes: at each
 * request, for it keeps the assets, so that there is nothing to be built or kept in step.
 */
export function dashboardFiles(folder: string): Router {
  const router = express.Router();
  router.use(compression());
  router.use(
    express.static(folder, {
      index: false,
      redirect: false,
      setHeaders: (response: Response, path: string) => {
        const hashed = path.startsWith(join(folder, 'assets'));
        response.setHeader('Cache-Control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    }),
  );
  router.use((request, response, next) => {
    const navigates = request.method === 'GET' || request.method === 'HEAD';
    if (!navigates || !wantsHtml(request.headers.accept)) {
      next();
      return;
    }
    response.setHeader('Cache-Control', 'no-cache');
    response.sendFile('index.html', { root: folder, cacheControl: false }, (error) => {
      // Not built yet: the ordinary 404 follows.
      if (error && !response.headersSent) next();
    });
  });
  return router;
}

/** Scripts and curl accept anything; only a browser's address bar names HTML. */
function wantsHtml(accept: string | undefined): boolean {
  return accept?.includes('text/html') ?? false;
}
