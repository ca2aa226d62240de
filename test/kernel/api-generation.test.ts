import {describe, expect, it} from 'vitest';
import {markersOf, moduleApi} from '../../src/kernel/api-generation.ts';
import {fixture} from './fixtures.ts';

const g1 = {
	strings: 'byte',
	authorKey: 'author',
	vector: 'Vec.try_push',
	parameters: 'none',
	miscDevice: 'none',
	inPlaceModule: false
};
const g2 = {...g1, strings: 'plain'};
const g3 = {...g2, vector: 'Vec.push'};
const g4 = {...g3, vector: 'KVec.push'};
const g5 = {...g4, authorKey: 'authors', miscDevice: 'ioctl', inPlaceModule: true};
const g6 = {...g5, parameters: 'reference', miscDevice: 'read-write'};
const g7 = {...g6, parameters: 'copy', miscDevice: 'owned'};

describe('by version', () => {
	it.each([
		['6.1.0', [6, 1, 0], g1],
		['6.1.192', [6, 1, 192], g1],
		['6.2', [6, 2, 0], g2],
		['6.9', [6, 9, 12], g2],
		['6.10', [6, 10, 0], g3],
		['6.12.18', [6, 12, 18], g3],
		['6.12.19', [6, 12, 19], g4],
		['6.12.117', [6, 12, 117], g4],
		['6.13', [6, 13, 0], {...g4, inPlaceModule: true}],
		['6.14', [6, 14, 0], {...g4, inPlaceModule: true, miscDevice: 'ioctl'}],
		['6.15', [6, 15, 0], g5],
		['6.17', [6, 17, 0], g5],
		['6.18', [6, 18, 41], {...g5, miscDevice: 'read-write'}],
		['6.19', [6, 19, 0], g6],
		['7.2.13', [7, 2, 13], g6],
		['7.3', [7, 3, 0], g7]
	] as const)('%s', (_, version, api) => {
		expect(moduleApi(version)).toEqual(api);
	});
});

describe('by what was found', () => {
	it('wins over the number, both ways', () => {
		expect(moduleApi([6, 12, 0], {kvec: true}).vector).toBe('KVec.push');
		expect(moduleApi([6, 12, 117], {kvec: false}).vector).toBe('Vec.push');
		expect(moduleApi([6, 9, 0], {kvec: false}).vector).toBe('Vec.try_push');
		expect(moduleApi([6, 12, 117], {authors: true}).authorKey).toBe('authors');
		expect(moduleApi([7, 2, 13], {authors: false}).authorKey).toBe('author');
		expect(moduleApi([6, 18, 0], {moduleParameters: true}).parameters).toBe('reference');
		expect(moduleApi([7, 3, 0], {moduleParameters: false}).parameters).toBe('none');
		expect(moduleApi([6, 17, 0], {ioVectors: true}).miscDevice).toBe('read-write');
		expect(moduleApi([6, 18, 0], {ioVectors: false}).miscDevice).toBe('ioctl');
		expect(moduleApi([6, 18, 50], {ownerModule: true}).miscDevice).toBe('owned');
		expect(moduleApi([6, 13, 0], {ioVectors: true, ownerModule: true}).miscDevice).toBe('none');
	});

	// Excerpts of the real files, which are megabytes; the whole files were compared when the excerpts were taken.
	it('finds the names in a 7.2.13 kernel’s metadata', () => {
		const markers = markersOf(
			fixture('kernels/markers/libkernel-7.2.13.excerpt'),
			fixture('kernels/markers/libmacros-7.2.13.excerpt')
		);
		expect(markers).toEqual({kvec: true, moduleParameters: true, authors: true, ioVectors: true, ownerModule: false});
	});

	it('finds KVec, and no more, in a 6.12.117 kernel’s', () => {
		const markers = markersOf(
			fixture('kernels/markers/libkernel-6.12.117.excerpt'),
			fixture('kernels/markers/libmacros-6.12.117.excerpt')
		);
		expect(markers).toEqual({
			kvec: true,
			moduleParameters: false,
			authors: false,
			ioVectors: false,
			ownerModule: false
		});
		expect(moduleApi([6, 12, 117], markers)).toEqual(moduleApi([6, 12, 117]));
	});

	it('says nothing of authors where libmacros.so was not read', () => {
		expect(markersOf(fixture('kernels/markers/libkernel-7.2.13.excerpt'))).toEqual({
			kvec: true,
			moduleParameters: true,
			ioVectors: true,
			ownerModule: false
		});
		expect(markersOf(new Uint8Array())).toEqual({
			kvec: false,
			moduleParameters: false,
			ioVectors: false,
			ownerModule: false
		});
	});
});
