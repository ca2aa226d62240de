// Stands in for packages that only development builds of ink load.
const nothing = {};
// biome-ignore lint/style/noDefaultExport: the package it stands in for is imported by its default export
export default nothing;
