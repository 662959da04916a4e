import { contract } from '@gatehouse/desk-kit/testing';
import { redmine } from './redmine.ts';
import { openRedmine } from './test/under-test.ts';

contract({ desk: redmine, open: openRedmine });
