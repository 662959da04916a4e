import '@gatehouse/ui/styles.css';
import { startProgram } from '@gatehouse/ui';
import { DeskFrame } from './frame/DeskFrame.tsx';
import { pages } from './pages.ts';

startProgram({ name: 'Desk', home: { href: '/cases', title: 'To the cases' }, frame: DeskFrame, pages });
