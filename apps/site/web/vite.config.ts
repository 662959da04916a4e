import { head, pagesOf } from '@gatehouse/ui/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const pages = pagesOf(import.meta.dirname, process.env.GATEHOUSE_SITE ?? 'http://127.0.0.1:8410');

export default defineConfig({
  ...pages,
  // Remote desktops are drawn by a large program of WebAssembly, which is loaded where one is opened.
  build: { ...pages.build, chunkSizeWarningLimit: 6_500 },
  plugins: [react(), head],
});
