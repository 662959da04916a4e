import '@gatehouse/ui/styles.css';
import { startProgram } from '@gatehouse/ui';
import { VaultFrame } from './frame/VaultFrame.tsx';
import { pages } from './pages.ts';

startProgram({
  name: 'Vault',
  home: { href: '/', title: 'To the first page' },
  frame: VaultFrame,
  pages,
});
