import '@gatehouse/ui/styles.css';
import { startProgram } from '@gatehouse/ui';
import { InsightsFrame } from './frame/InsightsFrame.tsx';
import { pages } from './pages.ts';

startProgram({
  name: 'Insights',
  home: { href: '/', title: 'To your tenants' },
  frame: InsightsFrame,
  pages,
});
