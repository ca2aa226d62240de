import type {Options} from '../../../src/commands/options.ts';
import {createDoor, createOutside} from '../../../src/commands/practice-door.ts';
import {tryInPractice} from '../../../src/steps/practise.ts';
import {steps} from '../../../src/steps/steps.ts';
import {done, open} from '../../../src/steps/verdict.ts';
import {startWizard} from '../../../src/ui/start.tsx';

// The wizard at the step `load` of a machine with a Rust kernel, which this one need not be; the practice machine is the real one.
const [, , folder = ''] = process.argv;
const options = {ascii: false} as Options;
const session = {
	...createOutside(),
	inspect: async () =>
		steps.map(({id, question}) => ({
			id,
			question,
			verdict:
				id === 'load'
					? open('todo', 'load.never', {
							summary: 'numbers is not loaded',
							question: 'Load numbers on this machine?',
							evidence: [],
							remedies: [tryInPractice('numbers', folder)]
						})
					: done(`${id} is so`, [])
		}))
};
process.exitCode = await startWizard(
	{session, firstLook: session.inspect(), openDoor: async () => createDoor(options)},
	options
);
