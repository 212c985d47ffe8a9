import type { ControlId } from '../../core/control-declarations';

/** A standard or catalogue that controls map to. */
export interface Framework {
  readonly name: string;
  /** Whether the ids were compared with the framework's own text; those of others are shown as unverified. */
  readonly verified: boolean;
}

/** The frameworks, in the order of the columns below. */
export const FRAMEWORKS = [
  { name: 'NIST AI RMF 1.0', verified: true },
  { name: 'NIST SP 800-53 r5', verified: true },
  { name: 'NIST SP 800-218 and 218A', verified: true },
  { name: 'ISO/IEC 42001:2023 Annex A', verified: true },
  { name: 'ISO/IEC 27001:2022 Annex A', verified: false },
  { name: 'OWASP Top 10 for LLM Applications 2025', verified: true },
  { name: 'OWASP Machine Learning Security Top 10 2023', verified: true },
  { name: 'MITRE ATLAS 5.6.0', verified: true },
  { name: 'SOC 2 Trust Services Criteria', verified: false },
  { name: 'HIPAA Security and Privacy Rules', verified: false },
  { name: 'GDPR', verified: false },
  { name: 'EU AI Act', verified: false },
] as const satisfies readonly Framework[];

/** One entry of a framework that a control supports. It never means that the framework is complied with. */
export interface Mapping {
  readonly framework: string;
  readonly id: string;
  readonly verified: boolean;
}

/** Entries for each control, by the columns of `FRAMEWORKS`; a dagger marks an id that was not compared. */
const ENTRIES: Readonly<Record<ControlId, readonly string[]>> = {
  P1: [
    'GOVERN 2.1, MAP 4.2', 'AC-06, AC-03', 'PO.5.1†', 'A.3.2', 'A.5.15, A.8.2', 'LLM06', '',
    'AML.M0026, AML.M0019, AML.T0053, AML.T0040', 'CC6.1, CC6.3', '164.312(a)(1)', 'Art. 25, Art. 32', 'Art. 15',
  ],
  P2: [
    'MEASURE 2.7', 'SA-08, SC-03, SC-07', 'PW.1.1†', 'A.6.1.3', 'A.8.27', 'LLM01', 'ML01', 'AML.M0032', 'CC6.6',
    '164.312(a)(1), 164.312(e)(1)', 'Art. 32', 'Art. 15',
  ],
  P3: [
    'MEASURE 2.7', 'AC-04, IA-03, SC-07(05)', 'PO.5.1†', 'A.6.2.3', 'A.8.20, A.8.27', 'LLM06', '', 'AML.M0019', 'CC6.1, CC6.6',
    '164.312(d), 164.312(e)(1)', 'Art. 32', 'Art. 15',
  ],
  P4: [
    'GOVERN 1.2', 'CM-06, CM-07, SC-07(05)', 'PW.9.1†, PW.9.2†', 'A.6.1.2', 'A.8.9', 'LLM03', '', 'AML.M0011', 'CC7.1', '164.312(a)(1)',
    'Art. 25', 'Art. 15',
  ],
  P5: [
    'MEASURE 2.8, MEASURE 3.1', 'AU-02, AU-03, AU-12', 'PO.5.3', 'A.6.2.8', 'A.8.15', 'LLM10', '', 'AML.M0024', 'CC7.2', '164.312(b)',
    'Art. 5(2), Art. 30', 'Art. 12, Art. 19',
  ],
  P6: [
    'MEASURE 2.10', 'PT-02, PT-03, SI-12(01)', 'PO.1.1†', 'A.7.2', 'A.5.34', 'LLM02', 'ML03, ML04', 'AML.M0002, AML.T0024.000', 'P, C1.1',
    '164.502(b)', 'Art. 25', 'Art. 10',
  ],
  DP1: [
    'MAP 4.1, MEASURE 2.10', 'RA-02, SI-12(01), PM-25', 'PO.1.1†', 'A.7.2, A.4.3', 'A.5.12, A.5.13', 'LLM02', '', 'AML.M0005', 'C1.1',
    '164.514', 'Art. 5(1)(c)', 'Art. 10(2), Art. 10(5)',
  ],
  DP2a: [
    'MEASURE 2.7', 'SC-08, SC-08(01), SC-23, SC-17', 'PS.1.2', 'A.4.5', 'A.8.24, A.8.20', 'LLM02', '', 'AML.M0012', 'CC6.7',
    '164.312(e)(1), 164.312(e)(2)(ii)', 'Art. 32(1)(a)', 'Art. 15(5)',
  ],
  DP2b: [
    'MEASURE 2.7', 'SC-28, SC-28(01), CP-09(08)', 'PS.1.2, PS.1.3', 'A.4.5', 'A.8.24', 'LLM02', 'ML05',
    'AML.M0012, AML.T0035, AML.T0048.004, AML.T0007', 'CC6.1', '164.312(a)(2)(iv)', 'Art. 32(1)(a)', 'Art. 15',
  ],
  DP2c: [
    'MEASURE 2.10', 'SC-28(01), SI-19', 'PS.1.2', 'A.7.6', 'A.8.11, A.8.24', 'LLM02', '', 'AML.M0012', 'C1.1', '164.312(a)(2)(iv)',
    'Art. 32, Art. 9', 'Art. 10(5)',
  ],
  DP3: [
    'MEASURE 2.7', 'SC-12, SC-13, AU-12', 'PO.5.2†', 'A.4.5', 'A.8.24', 'LLM02', '', 'AML.M0012', 'CC6.1', '164.312(a)(2)(iv)', 'Art. 32',
    'Art. 15',
  ],
  DP4: [
    'MEASURE 2.10', 'SI-19, PM-25', 'PW.3.1', 'A.7.6', 'A.8.11', 'LLM02', 'ML03, ML04',
    'AML.M0012, AML.M0002, AML.T0024.000, AML.T0024.001', 'P4, C1.1', '164.514(a)-(b)', 'Art. 4(5), Art. 25, Art. 89', 'Art. 10(5)',
  ],
  DP5: [
    'MEASURE 2.10', 'SI-12(02), SI-19, SI-20†', 'PW.3.1', 'A.7.6, A.7.3', 'A.8.11, A.8.33', 'LLM02', 'ML03, ML04', 'AML.M0002', 'C1.1',
    '164.514', 'Art. 25, Art. 89', 'Art. 10(5)(a)',
  ],
  DP6: [
    'MANAGE 4.1, GOVERN 1.7', 'SI-12, SI-12(03), MP-06, AU-11', 'PS.3.1†', 'A.7.2', 'A.8.10, A.5.33', 'LLM02, LLM08', '', 'AML.M0005',
    'C1.2, CC6.5', '164.310(d)(2), 164.316(b)(2)(i)', 'Art. 5(1)(e), Art. 17', 'Art. 18, Art. 19, Art. 26(6)',
  ],
  DP7: [
    'MAP 2.3, MEASURE 2.8', 'SR-04†, SI-07, CM-08', 'PW.3.2, PS.3.2', 'A.7.5, A.7.3', 'A.5.9', 'LLM04', 'ML02',
    'AML.M0025, AML.T0010.002, AML.T0020, AML.T0059', 'PI1, CC8.1', '164.312(c)(1)', 'Art. 30', 'Art. 10(2), Art. 11, Annex IV',
  ],
  AA1: [
    'GOVERN 2.1', 'IA-02, IA-02(01), IA-08', 'PO.5.1†', 'A.3.2', 'A.5.16, A.8.5', 'LLM06', '', 'AML.M0019, AML.T0012', 'CC6.1, CC6.2',
    '164.312(a)(2)(i), 164.312(d)', 'Art. 32', 'Art. 15',
  ],
  AA2: [
    'MEASURE 2.7', 'IA-03, IA-05, IA-09†, SC-23', 'PO.5.1†', 'A.4.4', 'A.5.17, A.8.5', 'LLM06', '',
    'AML.M0026, AML.M0027, AML.T0091, AML.T0012', 'CC6.1', '164.312(d)', 'Art. 32', 'Art. 15',
  ],
  AA3: [
    'GOVERN 2.1, MAP 3.5', 'AC-02, AC-03, AC-05, AC-06', 'PO.2.1†', 'A.3.2', 'A.5.15, A.5.18, A.8.3', 'LLM06, LLM08', '',
    'AML.M0019, AML.M0026, AML.M0028', 'CC6.1, CC6.3', '164.312(a)(1)', 'Art. 25, Art. 32', 'Art. 15, Art. 26',
  ],
  AA4: [
    'MAP 3.5', 'AC-02, AC-06(05), AC-06(09)', 'PO.5.1†', 'A.3.2', 'A.8.2', 'LLM06', '', 'AML.M0029', 'CC6.2, CC6.3', '164.312(a)(2)(ii)',
    'Art. 32', 'Art. 14',
  ],
  AA5: [
    'MEASURE 2.7', 'IA-05, IA-05(07)†', 'PO.5.2†, PW.5.1†', 'A.4.4', 'A.5.17', 'LLM07, LLM02', '', 'AML.M0012, AML.T0055, AML.T0083',
    'CC6.1', '164.312(d)', 'Art. 32', 'Art. 15',
  ],
  ML1: [
    'MAP 2.3, MEASURE 2.6', 'SI-10, SI-03, SI-07, SC-05', 'PW.3.1', 'A.7.3, A.7.4', 'A.8.7, A.8.26', 'LLM04, LLM01', 'ML02, ML01',
    'AML.M0007, AML.M0015, AML.M0014', 'CC6.8, PI1.2', '164.312(c)(1)', 'Art. 5(1)(d)', 'Art. 10',
  ],
  ML2: [
    'MAP 2.3, MEASURE 2.11', 'AC-05, AU-10, SI-07', 'PW.3.1, PS.1.2', 'A.7.4, A.7.6', 'A.5.3, A.8.15', 'LLM04', 'ML02, ML08',
    'AML.M0007, AML.M0025, AML.T0020', 'PI1, CC8.1', '164.312(c)(1)', 'Art. 5(1)(d)', 'Art. 10(2)(c), Art. 10(g)',
  ],
  ML3: [
    'MEASURE 2.7', 'SC-07(21), SC-39, AC-04', 'PO.5.1†, PO.5.3', 'A.4.5', 'A.8.22, A.8.31', 'LLM04, LLM03', 'ML10',
    'AML.M0005, AML.M0032, AML.T0025', 'CC6.6, CC6.1', '164.312(a)(1)', 'Art. 32', 'Art. 15',
  ],
  ML4a: [
    'MEASURE 2.3, MEASURE 2.5, MEASURE 2.7, MEASURE 2.11', 'CA-02, CA-08, SA-11', 'PW.8.1†, PW.8.2†, PW.3.3', 'A.6.2.4', 'A.8.29',
    'LLM04, LLM09', 'ML10, ML07', 'AML.M0008, AML.T0018, AML.T0043.004, AML.M0003', 'CC4.1, CC8.1', '164.308(a)(8)', 'Art. 35',
    'Art. 9, Art. 15, Art. 10(2)(f)',
  ],
  ML4b: [
    'MEASURE 2.3, MEASURE 2.5, MEASURE 2.7, MEASURE 2.11', 'CA-02, CA-08, SA-11', 'PW.8.1†, PW.8.2†, PW.3.3', 'A.6.2.4', 'A.8.29',
    'LLM04, LLM09', 'ML10, ML07', 'AML.M0008, AML.T0018, AML.T0043.004, AML.M0003', 'CC4.1, CC8.1', '164.308(a)(8)', 'Art. 35',
    'Art. 9, Art. 15, Art. 10(2)(f)',
  ],
  ML4c: [
    'MEASURE 2.3, MEASURE 2.5, MEASURE 2.7, MEASURE 2.11', 'CA-02, CA-08, SA-11', 'PW.8.1†, PW.8.2†, PW.3.3', 'A.6.2.4', 'A.8.29',
    'LLM04, LLM09', 'ML10, ML07', 'AML.M0008, AML.T0018, AML.T0043.004, AML.M0003', 'CC4.1, CC8.1', '164.308(a)(8)', 'Art. 35',
    'Art. 9, Art. 15, Art. 10(2)(f)',
  ],
  ML5: [
    'MAP 4.1, MEASURE 2.9', 'SR-04†, CM-08, CM-02', 'PS.3.1†, PS.3.2, PW.3.2', 'A.6.2.7, A.6.2.3', 'A.5.9, A.8.9', 'LLM03', 'ML06',
    'AML.M0014, AML.M0023, AML.M0025', 'CC8.1', '164.312(c)(1)', 'Art. 30', 'Art. 11, Art. 18, Annex IV',
  ],
  ML6: [
    'MANAGE 3.2, MEASURE 2.7', 'SI-07(01), SI-07(15), CM-14†, AU-10, SR-04(03)†', 'PS.2.1†, PS.1.3', 'A.6.2.5', 'A.8.24, A.8.32', 'LLM03',
    'ML06, ML10, ML05', 'AML.M0013, AML.M0014, AML.T0018, AML.T0010.003, AML.T0058', 'CC6.8, CC8.1', '164.312(c)(2)', 'Art. 32',
    'Art. 15(5)',
  ],
  ML7: [
    'MANAGE 1.1, MEASURE 1.3', 'CM-03, CM-05, AC-05', 'PW.2.1, PO.4.1†, PO.4.2†', 'A.6.2.5, A.6.2.4', 'A.8.32, A.5.3', 'LLM03, LLM04', '',
    'AML.M0008, AML.M0029', 'CC8.1', '164.308(a)(8)', 'Art. 22, Art. 35', 'Art. 14, Art. 17, Art. 43',
  ],
  ML8: [
    'MEASURE 2.6, MANAGE 2.4', 'SI-10, SC-05, SC-07', 'PW.9.1†', 'A.6.2.5', 'A.8.26, A.8.6', 'LLM10, LLM01', 'ML01',
    'AML.M0019, AML.M0004, AML.T0029, AML.T0034', 'CC6.6', '164.312(a)(1), 164.312(e)(1)', 'Art. 32', 'Art. 15',
  ],
  ML9: [
    'GOVERN 1.7, MANAGE 2.4', 'CM-08, MP-06, AC-02, SI-12(03)', 'PS.3.1†, RV.2.2†', 'A.6.2.6', 'A.8.10, A.5.11', 'LLM03', 'ML05',
    'AML.M0005, AML.T0007, AML.T0044', 'CC6.5', '164.310(d)(2)(i)', 'Art. 17', 'Art. 18, Art. 20',
  ],
  MI1: [
    'MEASURE 2.7', 'AC-03, AC-06, AC-17', 'PS.1.3', 'A.9.2, A.9.4', 'A.5.15, A.8.3', 'LLM10, LLM06', 'ML05',
    'AML.M0019, AML.M0005, AML.T0040, AML.T0044, AML.T0024.002', 'CC6.1', '164.312(a)(1), 164.312(d)', 'Art. 32', 'Art. 15',
  ],
  MI2: [
    'MEASURE 2.8, MANAGE 4.1', 'AU-10, SR-11, SI-20†', 'PS.2.1†', 'A.6.2.7, A.8.2', 'A.5.32', 'LLM10, LLM09', 'ML05',
    'AML.T0048.004, AML.T0024.002', 'CC6.8', '164.312(c)(2)', '', 'Art. 50(2)',
  ],
  MI3: [
    'MEASURE 2.7', 'SC-28(01), SC-08(01), AC-04', 'PS.1.3', 'A.4.5', 'A.8.24, A.5.14', 'LLM03', 'ML05', 'AML.M0012, AML.M0005, AML.M0017',
    'CC6.1, CC6.7', '164.312(a)(2)(iv), 164.312(e)(2)(ii)', 'Art. 32', 'Art. 15(5)',
  ],
  MI4: [
    'MANAGE 2.4, MEASURE 2.6', 'SC-05, SI-04', 'PW.9.1†', 'A.9.2', 'A.8.6', 'LLM10', 'ML05, ML03, ML04', 'AML.M0004', 'A1.1, CC7.2', '',
    'Art. 32(1)(b)', 'Art. 15',
  ],
  MI5: [
    'MEASURE 2.6, MEASURE 2.11', 'SI-15†, SI-10', 'PW.1.1†', 'A.9.2, A.6.2.6', 'A.8.12, A.8.26', 'LLM05, LLM02, LLM01, LLM09', 'ML09',
    'AML.M0020, AML.M0021, AML.M0002, AML.M0033', 'PI1', '', 'Art. 5(1)(d), Art. 25', 'Art. 15, Art. 50',
  ],
  RT1: [
    'MEASURE 2.7', 'SC-07, SC-07(21), AC-04', 'PO.5.1†', 'A.4.5', 'A.8.20, A.8.21, A.8.22, A.8.31', 'LLM06', '',
    'AML.M0032, AML.M0005, AML.T0025', 'CC6.6', '164.312(e)(1), 164.312(a)(1)', 'Art. 32', 'Art. 15',
  ],
  RT2: [
    'MEASURE 2.7', 'CM-06, CM-07, SI-02, RA-05', 'PW.9.1†, RV.1.1†', 'A.4.4, A.4.5', 'A.8.8, A.8.9', 'LLM03', 'ML06',
    'AML.M0016, AML.M0011', 'CC7.1, CC6.8', '164.308(a)(5)(ii)(B)', 'Art. 32', 'Art. 15',
  ],
  RT3: [
    'MEASURE 2.7', 'SC-39, SC-02, SC-03', 'PO.5.1†', 'A.4.5', 'A.8.22, A.8.27', 'LLM06, LLM05', '', 'AML.M0032, AML.T0105, AML.T0050',
    'CC6.1, CC6.6', '164.312(a)(1)', 'Art. 32', 'Art. 15',
  ],
  RT4: [
    'MEASURE 2.7', 'IA-05, SC-28', 'PO.5.2†', 'A.4.4', 'A.5.17', 'LLM07', '', 'AML.M0012, AML.T0055, AML.T0098', 'CC6.1', '164.312(d)',
    'Art. 32', 'Art. 15',
  ],
  RT5: [
    'MEASURE 2.6, MEASURE 2.7', 'SC-07, SC-05, SI-10, SI-04(04)', 'PW.9.1†', 'A.6.2.5', 'A.8.23, A.8.26', 'LLM01, LLM10', 'ML01',
    'AML.M0019, AML.M0004, AML.M0015, AML.T0049, AML.T0029', 'CC6.6', '164.312(e)(1)', 'Art. 32', 'Art. 15',
  ],
  RT6: [
    'GOVERN 4.1, MANAGE 4.1', 'CM-02, CM-03, CM-05, SA-10, SI-07(15)', 'PO.3.1†, PO.3.2†, PO.5.1†, PS.1.1†', 'A.6.1.3, A.6.2.5',
    'A.8.25, A.8.32, A.8.4', 'LLM03', '', 'AML.M0013', 'CC8.1', '164.308(a)(8)', 'Art. 25', 'Art. 17',
  ],
  OB1: [
    'MEASURE 2.8, MEASURE 3.1', 'AU-02, AU-06, AU-09, AU-11, AU-12', 'PO.5.3', 'A.6.2.8', 'A.8.15, A.5.28, A.5.33', 'LLM10, LLM02', '',
    'AML.M0024', 'CC7.2', '164.312(b)', 'Art. 30, Art. 33', 'Art. 12, Art. 19, Art. 26(6)',
  ],
  OB2: [
    'MEASURE 2.4', 'SI-04, CA-07, AU-06(01)', 'RV.1.1†', 'A.6.2.6', 'A.8.16, A.8.6', 'LLM10', '', 'AML.M0024', 'A1.1, CC7.2',
    '164.308(a)(1)(ii)(D)', 'Art. 32(1)(b)', 'Art. 72',
  ],
  OB3: [
    'MEASURE 2.4, MEASURE 2.5, MEASURE 4.3', 'CA-07, SI-07', 'PO.5.3, RV.1.1†', 'A.6.2.6', 'A.8.16', 'LLM04, LLM09', 'ML08',
    'AML.M0008, AML.M0024, AML.T0031', 'CC7.1, PI1', '164.312(c)(1)', 'Art. 5(1)(d)', 'Art. 15, Art. 72',
  ],
  OB4: [
    'MEASURE 3.1, MANAGE 2.3', 'SI-04, SI-04(05)', 'RV.1.1†', 'A.6.2.6', 'A.8.16', 'LLM10, LLM01', 'ML05',
    'AML.M0015, AML.M0024, AML.T0024, AML.T0034, AML.T0046', 'CC7.2, CC7.3', '164.312(b)', 'Art. 32, Art. 33', 'Art. 15, Art. 72',
  ],
  OB5: [
    'MANAGE 4.3', 'AU-06, AU-06(01), IR-04, IR-05', 'RV.1.1†, RV.1.3†', 'A.8.4, A.3.3', 'A.5.25, A.8.16', 'LLM10', '', 'AML.M0024',
    'CC7.3, CC7.4', '164.308(a)(6)(ii)', 'Art. 33', 'Art. 73, Art. 26(5)',
  ],
  OB6: [
    'MEASURE 2.8, MEASURE 2.9', 'AU-03, AU-10', 'PW.1.2†', 'A.8.2, A.6.2.7', 'A.8.15', 'LLM09', '', 'AML.M0024', 'PI1', '164.312(b)',
    'Art. 13(1)(h), Art. 14(1)(h), Art. 15(1)(h), Art. 22', 'Art. 13, Art. 86',
  ],
  PG1: [
    'MEASURE 3.3, MANAGE 4.1', 'SI-18, SI-18(04), AC-03(14)', '', 'A.8.2, A.8.5', 'A.5.34, A.8.10', 'LLM02, LLM08', '', 'AML.M0025',
    'P5.1, P5.2', '164.524, 164.526', 'Art. 15, Art. 16, Art. 17', 'Art. 86',
  ],
  PG2: [
    'GOVERN 1.1, MAP 1.1', 'SA-09(05)†, AC-04', 'PO.1.1†', 'A.4.3', 'A.5.31, A.5.14', 'LLM02', '', '', 'CC2, C1.1', '',
    'Art. 44, Art. 45, Art. 46', 'Art. 10',
  ],
  PG3: [
    'MEASURE 2.10', 'SI-19, SC-28(01)', 'PW.3.1', 'A.7.6', 'A.8.11, A.5.34', 'LLM02', 'ML03, ML04', 'AML.M0002, AML.M0012', 'C1.1',
    '164.514', 'Art. 25', 'Art. 10(5)',
  ],
  PG4: [
    'MAP 1.1, MAP 2.2, MEASURE 2.9, GOVERN 4.2', 'RA-08, PT-05, SA-15', 'PW.1.2†, PS.3.2', 'A.6.2.7, A.5.2, A.5.3, A.5.4, A.5.5, A.8.2',
    'A.5.37', 'LLM09', '', 'AML.M0000, AML.M0023', 'CC2.2, CC2.3', '164.316(b)(1)', 'Art. 30, Art. 35',
    'Art. 11, Art. 13, Art. 27, Annex IV',
  ],
  PG5: [
    'GOVERN 6.1, GOVERN 6.2, MANAGE 3.1', 'SA-04, SA-09, SR-03, SR-06', 'PO.1.3, PW.4.1†, PW.4.4†', 'A.10.2, A.10.3',
    'A.5.19, A.5.20, A.5.21, A.5.22, A.5.23', 'LLM03', 'ML06', 'AML.M0023, AML.M0014', 'CC9.2', '164.308(b), 164.314(a)', 'Art. 28',
    'Art. 25, Art. 53',
  ],
  IR1: [
    'MAP 5.1, MEASURE 2.7', 'RA-03, RA-09, RA-10†, SA-08', 'PW.1.1†', 'A.5.2', 'A.5.7, A.8.27',
    'LLM01, LLM02, LLM03, LLM04, LLM05, LLM06, LLM07, LLM08, LLM09, LLM10', '', 'AML.M0018', 'CC3.2', '164.308(a)(1)(ii)(A)', 'Art. 35',
    'Art. 9',
  ],
  IR2: [
    'GOVERN 4.3', 'IR-03, CA-08', 'RV.3†', 'A.8.4', 'A.5.24, A.5.27',
    'LLM01, LLM02, LLM03, LLM04, LLM05, LLM06, LLM07, LLM08, LLM09, LLM10', '', 'AML.M0018', 'CC7.5', '164.308(a)(7)(ii)(D)',
    'Art. 32(1)(d)', 'Art. 9, Art. 17',
  ],
  IR3: [
    'MANAGE 4.3, MANAGE 2.3, MANAGE 2.4', 'IR-04, IR-06, IR-08', 'RV.2.2†, RV.1.3†', 'A.8.4, A.3.3', 'A.5.24, A.5.26',
    'LLM01, LLM02, LLM03, LLM04, LLM05, LLM06, LLM07, LLM08, LLM09, LLM10', '', '', 'CC7.4, CC7.5', '164.308(a)(6), 164.404-410',
    'Art. 33, Art. 34', 'Art. 73, Art. 20',
  ],
  IR4: [
    'MANAGE 4.2, MEASURE 3.1', 'IR-04, IR-05', 'RV.3.1†, RV.3.2†, RV.3.3†, RV.3.4†', 'Clause 10†', 'A.5.27',
    'LLM01, LLM02, LLM03, LLM04, LLM05, LLM06, LLM07, LLM08, LLM09, LLM10', '', '', 'CC7.5', '164.308(a)(6)(ii)', 'Art. 33(5)',
    'Art. 20, Art. 73(6)',
  ],
  SC1: [
    'MAP 4.1, GOVERN 1.6', 'CM-08, SR-04†', 'PS.3.2', 'A.4.2, A.4.4', 'A.5.9, A.8.8', 'LLM03', 'ML06', 'AML.M0023', 'CC7.1', '', '',
    'Art. 11, Art. 53',
  ],
  SC2: [
    'MANAGE 3.1, MEASURE 2.7', 'RA-05, SI-02', 'RV.1.1†, PW.4.4†', 'A.4.4', 'A.8.8', 'LLM03', '', 'AML.M0016', 'CC7.1',
    '164.308(a)(1)(ii)(A)', 'Art. 32', 'Art. 15',
  ],
  SC3: [
    'MANAGE 3.1', 'SR-03, SR-11, CM-07(05), SI-07(15)', 'PW.4.1†, PS.2.1†', 'A.10.3', 'A.8.19, A.8.28', 'LLM03', 'ML06',
    'AML.M0013, AML.M0011, AML.T0011.001, AML.T0010.001', 'CC6.8, CC8.1', '', 'Art. 32', 'Art. 15',
  ],
  SC4: [
    'MANAGE 3.2, MAP 4.2, GOVERN 6.1', 'RA-03(01), SR-05, SR-06, CM-07(05)', 'PW.4.1†, PW.4.4†', 'A.10.3, A.6.2.4', 'A.5.21, A.5.23',
    'LLM03, LLM04', 'ML06, ML07', 'AML.M0014, AML.M0023, AML.M0016, AML.M0008, AML.T0058, AML.T0010.003', 'CC9.2', '164.308(b)',
    'Art. 28, Art. 35', 'Art. 25, Art. 53',
  ],
};

/** What a control supports in each framework, in their order. */
export function mappingsOf(control: ControlId): Mapping[] {
  return FRAMEWORKS.flatMap(({ name, verified }, column) =>
    ENTRIES[control][column]
      .split(', ')
      .filter((id) => id !== '')
      .map((id) => ({ framework: name, id: id.replace('†', ''), verified: verified && !id.endsWith('†') })),
  );
}
