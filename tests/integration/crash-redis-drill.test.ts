import { crashDrill } from '../support/crash-drill.ts';

crashDrill('redis');
