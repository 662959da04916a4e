export { type Dialect, type FakeVendor, fakeVendor, type Paging, type Refusing } from './fake-vendor.ts';
export type { FakeAnswer, RunningFake, SeenRequest, VendorFake } from './vendor-fake.ts';
