import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const target = `http://127.0.0.1:${process.env.WARDLINE_PORT ?? 8080}`;

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2022',
    // light-dark() and layers stay as they are written: a page that switches its colours by hand needs the real ones.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    sourcemap: true,
  },
  // `npm start` serves the built console; this is for working on it beside a running copy.
  server: { proxy: { '/api': target, '/oidc': target, '/docs': target } },
});
