import { createMemoryTokens, tokensContract } from '../src/testing/index.ts';

tokensContract('A cache in memory', createMemoryTokens);
