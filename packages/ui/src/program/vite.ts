/** How the pages of a program are built: everything that is the same for all of them. `folder` holds its `index.html`. */
export const pagesOf = (folder: string, server: string) => ({
  root: folder,
  publicDir: new URL('public', import.meta.url).pathname,
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
  // Pages under construction, with the data of a program that runs.
  server: { proxy: { '/api': { target: server, changeOrigin: false, ws: true } } },
});

const meta = (name: string, content: string) => ({ tag: 'meta', attrs: { name, content } });

/** What stands in the head of every `index.html` before the title. */
export const head = {
  name: 'gatehouse-head',
  transformIndexHtml: () =>
    [
      { tag: 'meta', attrs: { charset: 'utf-8' } },
      meta('viewport', 'width=device-width, initial-scale=1'),
      meta('color-scheme', 'light dark'),
      meta('robots', 'noindex'),
      { tag: 'link', attrs: { rel: 'icon', href: '/favicon.svg', type: 'image/svg+xml' } },
      // Not a module, so that it has set the colours before anything is drawn.
      { tag: 'script', attrs: { src: '/color-scheme.js' } },
    ].map((tag) => ({ ...tag, injectTo: 'head-prepend' as const })),
};
