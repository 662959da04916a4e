import { contract } from '@gatehouse/desk-kit/testing';
import { requestTracker } from './request-tracker.ts';
import { openRequestTracker } from './test/under-test.ts';

contract({ desk: requestTracker, open: openRequestTracker });
