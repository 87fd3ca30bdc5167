"""A person of a government: registered, appointed, in charge of a portfolio, paired with a leader (人员)."""
