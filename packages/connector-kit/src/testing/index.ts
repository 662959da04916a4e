export * from './fake.ts';
