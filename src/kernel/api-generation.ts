import {atLeast, type Version} from './version.ts';

/** How a Rust module is written for a kernel. */
export type ModuleApi = {
	/** Strings in `module!`: `b"name"` or `"name"`. */
	readonly strings: 'byte' | 'plain';
	/** `author: "…"` or `authors: ["…"]`. The other one is an error. */
	readonly authorKey: 'author' | 'authors';
	/** How a growing array is filled: `Vec::try_push(x)`, `Vec::push(x, GFP_KERNEL)` or `KVec::push(x, GFP_KERNEL)`. */
	readonly vector: 'Vec.try_push' | 'Vec.push' | 'KVec.push';
	/** `params:` in `module!`, and what `.value()` gives: nothing yet, a reference (`*x.value()`) or a copy. */
	readonly parameters: 'none' | 'reference' | 'copy';
	/**
	 * `MiscDevice` whose `open` takes the file and the registration (6.13 has an earlier form, which counts as none): with ioctls
	 * alone; with `read_iter` and `write_iter` too; with an open file also keeping its module loaded (`OwnerModule`).
	 */
	readonly miscDevice: 'none' | 'ioctl' | 'read-write' | 'owned';
	/** `InPlaceModule`: `init` may return an initializer (`impl PinInit<Self, Error>`). */
	readonly inPlaceModule: boolean;
};

/** What was found in a kernel's Rust metadata. Unset: not looked at. */
export type ApiMarkers = {
	readonly kvec?: boolean;
	readonly authors?: boolean;
	readonly moduleParameters?: boolean;
	readonly ioVectors?: boolean;
	readonly ownerModule?: boolean;
};

/**
 * The module API of a kernel version. Stable and vendor kernels take newer API in (KVec of 6.13 came to 6.12.19),
 * so what was found in the kernel's own metadata wins over the number.
 *
 * Boundaries: samples/rust and rust/macros/module.rs of the versions' trees; `authors` from Rust-for-Linux/rust-out-of-tree-module;
 * the owner of a `MiscDevice`'s file operations: rust/kernel/miscdevice.rs of 7.2.13 (none) and 7.3.4. For kernels before 6.12, which
 * nothing here is built for, each name that the templates use was looked up: 6.1.192 (prelude.rs, lib.rs and error.rs of rust/kernel,
 * rust/macros/module.rs, rust/alloc/vec/mod.rs), a tree between 6.6 and 6.9 (the same without alloc), `VecExt` and `flags` of 6.10.
 * For the newest, 7.3-rc7, all four templates were built with rustc 1.97.1.
 */
export function moduleApi(version: Version, markers: ApiMarkers = {}): ModuleApi {
	const since = (minimum: string): boolean => atLeast(version, minimum);
	const kvec = markers.kvec ?? since('6.12.19');
	const authors = markers.authors ?? since('6.15');
	const parameters = markers.moduleParameters ?? since('6.19');
	return {
		strings: since('6.2') ? 'plain' : 'byte',
		authorKey: authors ? 'authors' : 'author',
		vector: kvec ? 'KVec.push' : since('6.10') ? 'Vec.push' : 'Vec.try_push',
		parameters: parameters ? (since('7.3') ? 'copy' : 'reference') : 'none',
		miscDevice: since('6.14') ? miscDevice(since, markers) : 'none',
		inPlaceModule: since('6.13')
	};
}

function miscDevice(since: (minimum: string) => boolean, markers: ApiMarkers): ModuleApi['miscDevice'] {
	if (!(markers.ioVectors ?? since('6.18'))) return 'ioctl';
	return (markers.ownerModule ?? since('7.3')) ? 'owned' : 'read-write';
}

/** Looks for names in `rust/libkernel.rmeta` and, where given, `rust/libmacros.so`. Whole files; the answer is only as good as they are complete. */
export function markersOf(libkernelRmeta: Uint8Array, libmacros?: Uint8Array): ApiMarkers {
	const has = (bytes: Uint8Array, name: string): boolean => new TextDecoder('latin1').decode(bytes).includes(name);
	return {
		kvec: has(libkernelRmeta, 'KVec'),
		moduleParameters: has(libkernelRmeta, 'module_param'),
		ioVectors: has(libkernelRmeta, 'IovIterDest'),
		ownerModule: has(libkernelRmeta, 'OwnerModule'),
		...(libmacros ? {authors: has(libmacros, 'authors')} : {})
	};
}
