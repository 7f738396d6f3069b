CREATE INDEX "clients_planned" ON "clients" USING btree ("next_contact_by_id","next_contact_on") WHERE next_contact_on is not null;--> statement-breakpoint
-- Types of request that came with Rapport before they had fields get those they come with now, unless the firm has
-- changed them since.
update request_types t set fields = shipped.fields::jsonb
from (values
  ('account_opening', '[{"key":"mode_of_holding","label":"Mode of holding","kind":"text","required":false},{"key":"first_investment","label":"First investment","kind":"amount","required":false}]'),
  ('contact_update', '[{"key":"new_phone_or_e_mail","label":"New phone or e-mail","kind":"text","required":true},{"key":"folio","label":"Folio","kind":"text","required":false}]'),
  ('bank_change', '[{"key":"new_bank_account_number","label":"New bank account number","kind":"text","required":true},{"key":"ifsc","label":"IFSC","kind":"text","required":true},{"key":"bank_and_branch","label":"Bank and branch","kind":"text","required":false},{"key":"folio","label":"Folio","kind":"text","required":false}]'),
  ('nominee_change', '[{"key":"nominee","label":"Nominee","kind":"text","required":true},{"key":"relationship","label":"Relationship","kind":"text","required":true},{"key":"nominee_s_date_of_birth","label":"Nominee’s date of birth","kind":"date","required":false},{"key":"folio","label":"Folio","kind":"text","required":false}]'),
  ('kyc_update', '[{"key":"what_changes","label":"What changes","kind":"text","required":true}]'),
  ('address_change', '[{"key":"new_address","label":"New address","kind":"text","required":true},{"key":"folio","label":"Folio","kind":"text","required":false}]'),
  ('pan_update', '[{"key":"name_as_on_the_pan_card","label":"Name as on the PAN card","kind":"text","required":true}]'),
  ('signature_change', '[{"key":"folio","label":"Folio","kind":"text","required":false}]'),
  ('sip_start', '[{"key":"scheme","label":"Scheme","kind":"text","required":true},{"key":"instalment","label":"Instalment","kind":"amount","required":true},{"key":"first_instalment_on","label":"First instalment on","kind":"date","required":true},{"key":"folio","label":"Folio","kind":"text","required":false}]'),
  ('sip_change', '[{"key":"scheme","label":"Scheme","kind":"text","required":true},{"key":"folio","label":"Folio","kind":"text","required":true},{"key":"new_instalment","label":"New instalment","kind":"amount","required":true}]'),
  ('sip_stop', '[{"key":"scheme","label":"Scheme","kind":"text","required":true},{"key":"folio","label":"Folio","kind":"text","required":true},{"key":"last_instalment_on","label":"Last instalment on","kind":"date","required":false}]'),
  ('switch', '[{"key":"from_scheme","label":"From scheme","kind":"text","required":true},{"key":"to_scheme","label":"To scheme","kind":"text","required":true},{"key":"folio","label":"Folio","kind":"text","required":true},{"key":"all_units","label":"All units","kind":"yes_no","required":true},{"key":"amount","label":"Amount","kind":"amount","required":false}]'),
  ('redemption', '[{"key":"scheme","label":"Scheme","kind":"text","required":true},{"key":"folio","label":"Folio","kind":"text","required":true},{"key":"all_units","label":"All units","kind":"yes_no","required":true},{"key":"amount","label":"Amount","kind":"amount","required":false}]'),
  ('statement', '[{"key":"from","label":"From","kind":"date","required":false},{"key":"to","label":"To","kind":"date","required":false},{"key":"folio","label":"Folio","kind":"text","required":false}]'),
  ('transmission', '[{"key":"deceased_holder","label":"Deceased holder","kind":"text","required":true},{"key":"date_of_death","label":"Date of death","kind":"date","required":true},{"key":"claimant","label":"Claimant","kind":"text","required":true},{"key":"folio","label":"Folio","kind":"text","required":false}]'),
  ('mandate_registration', '[{"key":"bank_account_number","label":"Bank account number","kind":"text","required":true},{"key":"limit","label":"Limit","kind":"amount","required":true}]'),
  ('minor_to_major', '[{"key":"of_age_since","label":"Of age since","kind":"date","required":true},{"key":"folio","label":"Folio","kind":"text","required":false}]')
) shipped(key, fields)
where t.key = shipped.key and t.version = 1 and t.fields = '[]';
