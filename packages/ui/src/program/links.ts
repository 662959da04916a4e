/**
 * Every link of the pages is a plain `<a href>`: addresses come from one place and from the server, and
 * the browser's own menus work on them. A click on one that stays in these pages is taken by the router.
 */
export const takeLinks = (go: (path: string) => void): void => {
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
    if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented || !isPlain(event) || !isOurs(link)) return;
    event.preventDefault();
    go(link.pathname + link.search + link.hash);
  });
};

const isPlain = ({ button, ctrlKey, metaKey, shiftKey, altKey }: MouseEvent) =>
  button === 0 && !ctrlKey && !metaKey && !shiftKey && !altKey;

const isOurs = (link: HTMLAnchorElement) =>
  link.origin === location.origin &&
  !link.pathname.startsWith('/api/') &&
  !link.hasAttribute('download') &&
  (link.target === '' || link.target === '_self') &&
  !(link.hash !== '' && link.pathname === location.pathname && link.search === location.search);
