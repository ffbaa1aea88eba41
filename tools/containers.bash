# shellcheck shell=bash
# What molecule/shared/ needs to know of this checkout to create its containers. Sourced after environment.bash.

COMMERCE_CHECKOUT_ID=$(extensions/commerce_image/checkout-id)
COMMERCE_IMAGE=$(extensions/commerce_image/build | tail -n 1)
export COMMERCE_CHECKOUT_ID COMMERCE_IMAGE
