import { contract } from '@gatehouse/desk-kit/testing';
import { builtin } from './builtin.ts';
import { openBuiltin } from './test/under-test.ts';

contract({ desk: builtin, open: openBuiltin });
