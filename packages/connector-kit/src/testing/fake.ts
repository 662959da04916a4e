export { type Dialect, type FakeVendor, fakeVendor, type Paging } from './fake-vendor.ts';
export type { FakeAnswer, Refusing, RunningFake, SeenRequest, VendorFake } from './vendor-fake.ts';
