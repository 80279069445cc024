import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  build: { target: 'es2022', sourcemap: true },
  // `npm start` serves the built console; this is for working on it beside a running copy.
  server: { proxy: { '/api': `http://127.0.0.1:${process.env.WARDLINE_PORT ?? 8080}` } },
});
