import '@gatehouse/ui/styles.css';
import { startProgram } from '@gatehouse/ui';
import { SiteFrame } from './frame/SiteFrame.tsx';
import { pages } from './pages.ts';

startProgram({
  name: 'Site',
  home: { href: '/', title: 'To the site' },
  frame: SiteFrame,
  pages,
});
