import {expect, test} from 'vitest';
import {factRows} from '../../components/Facts.tsx';

test.each([80, 40, 15])('in %i cells what is dangerous is red, all of it and nothing else', width => {
	const rows = factRows(
		[
			{label: 'make', value: '/usr/bin/make'},
			{label: 'override', value: 'no release, but the programs below ../evil: look at them first', danger: true}
		],
		width
	);
	const parts = rows.flat();
	const red = parts.filter(part => part.color === 'red').map(part => part.text);
	expect(red.join(' ').replace(/\s+/g, ' ')).toContain(
		'no release, but the programs below ../evil: look at them first'
	);
	expect(parts.filter(part => part.text.includes('/usr/bin/make')).every(part => part.color === undefined)).toBe(true);
});
