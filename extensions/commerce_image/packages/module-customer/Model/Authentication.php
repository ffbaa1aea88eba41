<?php

declare(strict_types=1);

namespace Magento\Customer\Model;

use DateTimeImmutable;
use Magento\Customer\Model\Exception\InvalidPasswordException;
use Magento\Customer\Model\Exception\UserLockedException;
use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Framework\Encryption\Encryptor;
use Magento\Framework\Stdlib\DateTime;

class Authentication implements AuthenticationInterface
{
    private const MAX_FAILURES_PATH = 'customer/password/lockout_failures';
    private const THRESHOLD_MINUTES_PATH = 'customer/password/lockout_threshold';

    public function __construct(
        private readonly CustomerRegistry $customerRegistry,
        private readonly ScopeConfigInterface $scopeConfig,
        private readonly DateTime $dateTime,
        private readonly Encryptor $encryptor,
        private readonly CustomerAuthUpdate $customerAuthUpdate,
    ) {
    }

    public function authenticate(int $customerId, string $password): void
    {
        $hash = (string)$this->customerRegistry->retrieve($customerId)->getData('password_hash');
        if ($this->encryptor->isValidHash($password, $hash)) {
            return;
        }
        $this->processAuthenticationFailure($customerId);
        if ($this->isLocked($customerId)) {
            throw new UserLockedException('The account is locked.');
        }
        throw new InvalidPasswordException('Invalid login or password.');
    }

    /**
     * Counts a failed login. The settings are read at the default scope: what a website says is not asked.
     */
    public function processAuthenticationFailure(int $customerId): void
    {
        $maxFailures = (int)$this->scopeConfig->getValue(self::MAX_FAILURES_PATH);
        $minutes = (int)$this->scopeConfig->getValue(self::THRESHOLD_MINUTES_PATH);
        if ($maxFailures === 0 || $minutes === 0) {
            return;
        }
        $now = $this->dateTime->now();
        $customer = $this->customerRegistry->retrieve($customerId);
        $firstFailure = $customer->getData('first_failure');
        $failures = (int)$customer->getData('failures_num') + 1;

        if ($firstFailure === null || $this->minutesAfter($firstFailure, $minutes) < $now) {
            $failures = 1;
            $customer->setData('first_failure', $this->dateTime->format($now));
            $customer->setData('lock_expires', null);
        } elseif ($failures >= $maxFailures) {
            $customer->setData('lock_expires', $this->dateTime->format($now->modify("+$minutes minutes")));
        }
        $customer->setData('failures_num', $failures);
        $this->customerAuthUpdate->saveAuth($customerId);
    }

    public function unlock(int $customerId): void
    {
        $customer = $this->customerRegistry->retrieve($customerId);
        $customer->setData('failures_num', 0);
        $customer->setData('first_failure', null);
        $customer->setData('lock_expires', null);
        $this->customerAuthUpdate->saveAuth($customerId);
    }

    public function isLocked(int $customerId): bool
    {
        $lockExpires = $this->customerRegistry->retrieve($customerId)->getData('lock_expires');

        return $lockExpires !== null && $this->dateTime->parse($lockExpires) > $this->dateTime->now();
    }

    private function minutesAfter(string $time, int $minutes): DateTimeImmutable
    {
        return $this->dateTime->parse($time)->modify("+$minutes minutes");
    }
}
