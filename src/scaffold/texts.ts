import author from '../../assets/templates/common/author.mustache';
import dkms from '../../assets/templates/common/dkms.conf.mustache';
import gitignore from '../../assets/templates/common/gitignore.mustache';
import header from '../../assets/templates/common/header.mustache';
import kbuild from '../../assets/templates/common/Kbuild.mustache';
import makefile from '../../assets/templates/common/Makefile.mustache';
import readme from '../../assets/templates/common/README.md.mustache';
import helloAbout from '../../assets/templates/hello/about.md.mustache';
import helloLog from '../../assets/templates/hello/log.mustache';
import helloSource from '../../assets/templates/hello/module.rs.mustache';
import miscDeviceAbout from '../../assets/templates/misc-device/about.md.mustache';
import miscDeviceLog from '../../assets/templates/misc-device/log.mustache';
import miscDeviceSource from '../../assets/templates/misc-device/module.rs.mustache';
import miscDeviceTalk from '../../assets/templates/misc-device/talk.c.mustache';
import numbersAbout from '../../assets/templates/numbers/about.md.mustache';
import numbersLog from '../../assets/templates/numbers/log.mustache';
import numbersSource from '../../assets/templates/numbers/module.rs.mustache';
import parametersAbout from '../../assets/templates/parameters/about.md.mustache';
import parametersLog from '../../assets/templates/parameters/log.mustache';
import parametersSource from '../../assets/templates/parameters/module.rs.mustache';
import type {TemplateId} from './templates.ts';

/** What each template says in its own words. */
export type TemplateTexts = {
	readonly source: string;
	readonly about: string;
	/** The lines it leaves in the kernel log. */
	readonly log: string;
	/** For `modinfo`, where the author gave none. */
	readonly description: string;
	/** An ordinary program that talks to the module, in C. */
	readonly talk?: string;
};

export const common = {author, dkms, gitignore, header, kbuild, makefile, readme};

export const texts: Readonly<Record<TemplateId, TemplateTexts>> = {
	hello: {
		source: helloSource,
		about: helloAbout,
		log: helloLog,
		description: 'Says hello when loaded and goodbye when unloaded'
	},
	numbers: {
		source: numbersSource,
		about: numbersAbout,
		log: numbersLog,
		description: 'Keeps numbers in a vector while it is loaded'
	},
	parameters: {
		source: parametersSource,
		about: parametersAbout,
		log: parametersLog,
		description: 'Says hello as often as its parameter asks'
	},
	'misc-device': {
		source: miscDeviceSource,
		about: miscDeviceAbout,
		log: miscDeviceLog,
		description: 'Makes a device that programs can talk to',
		talk: miscDeviceTalk
	}
};
