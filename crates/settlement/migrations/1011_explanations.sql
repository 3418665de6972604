-- A receipt is stored once, with the entry that it explains. A settlement has one of its own only where it was explained
-- anew without a difference to post.
ALTER TABLE settlement ADD COLUMN explanation TEXT;
UPDATE settlement SET explanation = receipt;
ALTER TABLE settlement DROP COLUMN receipt;
