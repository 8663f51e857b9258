import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where the gateway listens while the dashboard is being worked on (`npm run dev -w dashboard`). */
const gateway = process.env.VERDICT_URL ?? 'http://127.0.0.1:8080';

const apiPaths = [
  '/auth',
  '/anomalies',
  '/series',
  '/models',
  '/pools',
  '/coverage',
  '/feedback',
  '/missed',
  '/data',
  '/docs',
  '/openapi.json',
];
const proxied = { target: gateway, changeOrigin: true, headers: { origin: gateway } };

export default defineConfig({
  plugins: [react()],
  build: { outDir: 'dist', target: 'es2023', sourcemap: false, chunkSizeWarningLimit: 700 },
  server: {
    host: '127.0.0.1',
    proxy: {
      ...Object.fromEntries(apiPaths.map((path) => [path, proxied])),
      '/socket.io': { ...proxied, ws: true },
    },
  },
});
