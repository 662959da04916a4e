import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    // The content security policy has no place for inlined files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
  },
  server: {
    // `GATEHOUSE_VAULT=http://127.0.0.1:8420 npx vite web` shows pages under construction with a running program's data.
    proxy: { '/api': { target: process.env.GATEHOUSE_VAULT ?? 'http://127.0.0.1:8420', changeOrigin: false } },
  },
});
