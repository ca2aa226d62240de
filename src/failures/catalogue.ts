import any from '../../assets/failures/any.json' with {type: 'json'};
import boot from '../../assets/failures/boot.json' with {type: 'json'};
import build from '../../assets/failures/build.json' with {type: 'json'};
import dkms from '../../assets/failures/dkms.json' with {type: 'json'};
import dmesg from '../../assets/failures/dmesg.json' with {type: 'json'};
import load from '../../assets/failures/load.json' with {type: 'json'};
import metadata from '../../assets/failures/metadata.json' with {type: 'json'};
import pkg from '../../assets/failures/pkg.json' with {type: 'json'};
import practice from '../../assets/failures/practice.json' with {type: 'json'};
import toolchain from '../../assets/failures/toolchain.json' with {type: 'json'};
import unload from '../../assets/failures/unload.json' with {type: 'json'};
import type {FailureRow} from './row.ts';

/**
 * Every known failure, the specific before the general: of the rows that match a line, the first one has it.
 * The shape of the data is checked by test/failures/catalogue.test.ts, which is what the assertion rests on.
 */
export const catalogue = [
	...pkg,
	...toolchain,
	...build,
	...dmesg,
	...load,
	...unload,
	...boot,
	...dkms,
	...metadata,
	...practice,
	...any
] as readonly FailureRow[];
