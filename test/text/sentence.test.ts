import {expect, test} from 'vitest';
import {asSentence} from '../../src/text/sentence.ts';

test('a reason becomes a sentence', () => {
	expect(asSentence('the guest ended')).toBe('The guest ended.');
});
