import '@gatehouse/ui/styles.css';
import { startProgram } from '@gatehouse/ui';
import { SiteFrame } from './frame/SiteFrame.tsx';
import { openPages, pages } from './pages.ts';

startProgram({
  name: 'Site',
  home: { href: '/login', title: 'To the site' },
  frame: SiteFrame,
  pages,
  open: openPages,
});
