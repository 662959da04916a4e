import { openRequestTracker } from '@gatehouse/desks/request-tracker/testing';
import { wholeWay } from '../testing/whole-way.ts';

wholeWay({ name: 'Request Tracker', desk: 'request-tracker', merges: true, open: openRequestTracker });
