import {expect, test} from 'vitest';
import {gigabytes} from '../../src/text/gigabytes.ts';

test.each([
	[0, '0 MB'],
	[67_108_864, '67 MB'],
	[999_999_999, '999 MB'],
	[1_000_000_000, '1 GB'],
	[4_500_000_000, '4.5 GB'],
	[9_999_999_999, '9.9 GB'],
	[41_900_000_000, '41 GB']
])('%i bytes are %s, never more than there are', (bytes, text) => expect(gigabytes(bytes)).toBe(text));
