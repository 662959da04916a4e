import { head, pagesOf } from '@gatehouse/ui/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  ...pagesOf(import.meta.dirname, process.env.GATEHOUSE_DESK ?? 'http://127.0.0.1:8430'),
  plugins: [react(), head],
});
