import { openRedmine } from '@gatehouse/desks/redmine/testing';
import { wholeWay } from '../testing/whole-way.ts';

wholeWay({ name: 'Redmine', desk: 'redmine', merges: false, open: openRedmine });
