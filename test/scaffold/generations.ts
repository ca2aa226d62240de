import type {TemplateApi} from '../../src/scaffold/templates.ts';

/** The generations of the module API so far, each with a kernel that has it. */
export const generations = {
	/** 6.1.y */
	g1: {strings: 'byte', authorKey: 'author', vector: 'Vec.try_push', parameters: 'none', miscDevice: 'none'},
	/** 6.2 to 6.9 */
	g2: {strings: 'plain', authorKey: 'author', vector: 'Vec.try_push', parameters: 'none', miscDevice: 'none'},
	/** 6.10, 6.11, early 6.12 */
	g3: {strings: 'plain', authorKey: 'author', vector: 'Vec.push', parameters: 'none', miscDevice: 'none'},
	/** later 6.12, 6.13 */
	g4: {strings: 'plain', authorKey: 'author', vector: 'KVec.push', parameters: 'none', miscDevice: 'none'},
	/** 6.14 */
	g4b: {strings: 'plain', authorKey: 'author', vector: 'KVec.push', parameters: 'none', miscDevice: 'ioctl'},
	/** 6.15 to 6.17 */
	g5: {strings: 'plain', authorKey: 'authors', vector: 'KVec.push', parameters: 'none', miscDevice: 'ioctl'},
	/** 6.18 */
	g5b: {strings: 'plain', authorKey: 'authors', vector: 'KVec.push', parameters: 'none', miscDevice: 'read-write'},
	/** 6.19 to 7.2 */
	g6: {strings: 'plain', authorKey: 'authors', vector: 'KVec.push', parameters: 'reference', miscDevice: 'read-write'},
	/** 7.3 */
	g7: {strings: 'plain', authorKey: 'authors', vector: 'KVec.push', parameters: 'copy', miscDevice: 'owned'}
} as const satisfies Record<string, TemplateApi>;

export type Generation = keyof typeof generations;
