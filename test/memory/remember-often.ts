// Run by tests as a process of its own: remembers a module again and again, until it has done so often enough or is killed.
import {remember} from '../../src/memory/write.ts';

const [folder = '', name = '', times = '0'] = process.argv.slice(2);
for (let count = 0; count < Number(times); count += 1) {
	const hash = `${name}-${count}`;
	const notice = await remember(folder, [
		{kind: 'load', evidence: {name, hash, release: '7.2.13', spoke: [hash], at: '2026-11-12T10:00:00.000Z'}}
	]);
	if (notice === undefined) process.stdout.write(`${hash}\n`);
	else process.stderr.write(`${notice}\n`);
}
