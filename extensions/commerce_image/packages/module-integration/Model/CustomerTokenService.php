<?php

declare(strict_types=1);

namespace Magento\Integration\Model;

use Magento\Customer\Api\AccountManagementInterface;
use Magento\Framework\Event\ManagerInterface as EventManagerInterface;
use Magento\Framework\Exception\AuthenticationException;
use Magento\Framework\Exception\InputException;
use Magento\Integration\Api\CustomerTokenServiceInterface;

/**
 * A token for a right password; for whatever else, always the same text.
 */
class CustomerTokenService implements CustomerTokenServiceInterface
{
    public function __construct(
        private readonly AccountManagementInterface $accountManagement,
        private readonly RequestThrottler $requestThrottler,
        private readonly ReCaptcha $reCaptcha,
        private readonly CustomerTokenIssuer $tokenIssuer,
        private readonly EventManagerInterface $eventManager,
    ) {
    }

    public function createCustomerAccessToken(string $username, string $password): string
    {
        $this->reCaptcha->check();
        $empty = array_keys(['username' => $username, 'password' => $password], '', true);
        if ($empty !== []) {
            throw InputException::requiredFields($empty);
        }
        $this->requestThrottler->throttle($username);
        try {
            $customer = $this->accountManagement->authenticate($username, $password);
        } catch (AuthenticationException) {
            $this->requestThrottler->logFailure($username);
            throw new AuthenticationException(RequestThrottler::REFUSAL);
        }
        $this->eventManager->dispatch('customer_login', ['customer' => $customer]);
        $this->requestThrottler->reset($username);

        return $this->tokenIssuer->create($customer->getId());
    }
}
